"""`python -m fairdue.docgen [FOLDER]`: writes every page of the reference."""

from __future__ import annotations

from pathlib import Path

import click

from fairdue.docgen.pages import pages


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path("docs/reference"))
def main(folder: Path) -> None:
    """Write every page of the reference to FOLDER."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8", newline="\n")
        click.echo(folder / name)


if __name__ == "__main__":
    main()

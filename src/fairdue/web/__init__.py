"""The faces: the desk today, the borrower's portal beside it. No decisions and no queries beyond what store offers."""

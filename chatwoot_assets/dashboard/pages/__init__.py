"""The pages, one file each. The function `show` of a file draws the page.

A page reads its numbers by the name of a file in `sql/dashboard/`, so a new card or chart usually needs one more file
there and a few lines here.
"""

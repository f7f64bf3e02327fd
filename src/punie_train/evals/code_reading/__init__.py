"""What code would call and read, found from its syntax tree; the code is never run.

Values are followed through variables, aliases, unpacking, loops, comprehensions, local functions
and the usual library functions. What cannot be followed is unknown, and unknown reads nothing.
Names in comments and strings do not count, nor does the body of a function that is never called.
"""

"""The numbers behind a score: intervals, paired comparisons, power and verdicts; pure.

numpy and scipy are imported where they are used, so that loading the plugin stays light.
"""

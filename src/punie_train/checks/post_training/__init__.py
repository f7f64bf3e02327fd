"""Is a trained adapter whole, of its base, as asked, and has it learnt something?"""

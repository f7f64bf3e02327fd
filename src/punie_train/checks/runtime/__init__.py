"""Do training, evaluation and serving agree on prompts and calls?"""

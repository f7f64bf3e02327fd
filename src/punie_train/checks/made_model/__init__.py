"""Is a fused or quantized model still the one that it was made from?"""

"""Models of torch become int8 models for ONNX Runtime: what is packaged of encoder and reader is made here."""

//! Writes ONNX models of a few hundred bytes: to try a provider out, and for tests.
//!
//! Field numbers are those of `onnx.proto` (ONNX 1.17, IR version 8). Only what is needed is here:
//! float tensors, nodes without attributes, one graph.

/// A model that gives twice its input: `y = x + x`, both `[1, 4]`.
pub(crate) fn doubling() -> Vec<u8> {
    let (x, y) = (Value::new("x", &[1, 4]), Value::new("y", &[1, 4]));
    model(&[node("Add", &["x", "x"], "y")], &[x], &[y], &[])
}

/// A tensor that goes in or comes out.
pub(crate) struct Value<'a> {
    name: &'a str,
    /// Extents; -1 where the model leaves one free.
    shape: &'a [i64],
}

impl<'a> Value<'a> {
    pub(crate) fn new(name: &'a str, shape: &'a [i64]) -> Self {
        Self { name, shape }
    }
}

/// A model of opset 13 with these nodes, inputs, outputs and constants.
pub(crate) fn model(
    nodes: &[Vec<u8>],
    inputs: &[Value<'_>],
    outputs: &[Value<'_>],
    constants: &[Vec<u8>],
) -> Vec<u8> {
    let mut graph = Vec::new();
    nodes.iter().for_each(|node| bytes(&mut graph, 1, node));
    bytes(&mut graph, 2, b"tiny");
    constants.iter().for_each(|constant| bytes(&mut graph, 5, constant));
    inputs.iter().for_each(|value| bytes(&mut graph, 11, &value_info(value)));
    outputs.iter().for_each(|value| bytes(&mut graph, 12, &value_info(value)));
    let mut opset = Vec::new();
    bytes(&mut opset, 1, b"");
    number(&mut opset, 2, 13);
    let mut model = Vec::new();
    number(&mut model, 1, 8);
    bytes(&mut model, 7, &graph);
    bytes(&mut model, 8, &opset);
    model
}

/// One operator.
pub(crate) fn node(operator: &str, inputs: &[&str], output: &str) -> Vec<u8> {
    let mut node = Vec::new();
    inputs.iter().for_each(|name| bytes(&mut node, 1, name.as_bytes()));
    bytes(&mut node, 2, output.as_bytes());
    bytes(&mut node, 4, operator.as_bytes());
    node
}

/// A constant tensor of 32-bit floats (`TensorProto`).
#[cfg(test)]
pub(crate) fn constant(name: &str, shape: &[u64], values: &[f32]) -> Vec<u8> {
    let mut tensor = Vec::new();
    shape.iter().for_each(|&extent| number(&mut tensor, 1, extent));
    number(&mut tensor, 2, 1); // FLOAT
    bytes(&mut tensor, 8, name.as_bytes());
    let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    bytes(&mut tensor, 9, &raw);
    tensor
}

/// Type and shape of an input or output (`ValueInfoProto`).
fn value_info(value: &Value<'_>) -> Vec<u8> {
    let mut shape = Vec::new();
    for &extent in value.shape {
        let mut dimension = Vec::new();
        match u64::try_from(extent) {
            Ok(extent) => number(&mut dimension, 1, extent),
            Err(_) => bytes(&mut dimension, 2, b"N"),
        }
        bytes(&mut shape, 1, &dimension);
    }
    let mut tensor = Vec::new();
    number(&mut tensor, 1, 1); // FLOAT
    bytes(&mut tensor, 2, &shape);
    let mut kind = Vec::new();
    bytes(&mut kind, 1, &tensor);
    let mut info = Vec::new();
    bytes(&mut info, 1, value.name.as_bytes());
    bytes(&mut info, 2, &kind);
    info
}

/// A length-delimited field.
fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// A varint field.
fn number(out: &mut Vec<u8>, field: u64, value: u64) {
    varint(out, field << 3);
    varint(out, value);
}

fn varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

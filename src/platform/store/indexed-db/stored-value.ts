import { Deserializer, Serializer } from 'node:v8';

/**
 * A value as bytes, by the structured clone of V8. Not `v8.serialize`: that one gives every view back
 * on the bytes of the whole value. Throws for what can't be cloned.
 */
export const bytesOfValue = (value: unknown): Buffer => {
  const serializer = new Serializer();
  serializer.writeHeader();
  serializer.writeValue(value);
  return serializer.releaseBuffer();
};

/** The value of such bytes. Throws where they are not whole. */
export const valueOfBytes = (bytes: Uint8Array): unknown => {
  const deserializer = new Deserializer(bytes);
  deserializer.readHeader();
  return deserializer.readValue();
};

// Generated from order.proto by protoc-gen-ts_proto, then by esbuild from TypeScript.

// out/order.ts
import { BinaryReader as BinaryReader2, BinaryWriter as BinaryWriter2 } from "@bufbuild/protobuf/wire";

// out/google/protobuf/timestamp.ts
import { BinaryReader, BinaryWriter } from "@bufbuild/protobuf/wire";
function createBaseTimestamp() {
  return { seconds: 0n, nanos: 0 };
}
var Timestamp = {
  encode(message, writer = new BinaryWriter()) {
    if (message.seconds !== 0n) {
      if (BigInt.asIntN(64, message.seconds) !== message.seconds) {
        throw new globalThis.Error("value provided for field message.seconds of type int64 too large");
      }
      writer.uint32(8).int64(message.seconds);
    }
    if (message.nanos !== 0) {
      writer.uint32(16).int32(message.nanos);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader ? input : new BinaryReader(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseTimestamp();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 8) {
              break;
            }
            message.seconds = reader.int64();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }
            message.nanos = reader.int32();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};

// out/order.ts
var protobufPackage = "bench.v1";
var protobufFileName = "order.proto";
var Status = /* @__PURE__ */ ((Status2) => {
  Status2[Status2["STATUS_UNSPECIFIED"] = 0] = "STATUS_UNSPECIFIED";
  Status2[Status2["STATUS_PLACED"] = 1] = "STATUS_PLACED";
  Status2[Status2["STATUS_PAID"] = 2] = "STATUS_PAID";
  Status2[Status2["STATUS_SHIPPED"] = 3] = "STATUS_SHIPPED";
  Status2[Status2["UNRECOGNIZED"] = -1] = "UNRECOGNIZED";
  return Status2;
})(Status || {});
function createBaseMoney() {
  return { currency: "", units: 0n, nanos: 0 };
}
var Money = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.currency !== "") {
      writer.uint32(10).string(message.currency);
    }
    if (message.units !== 0n) {
      if (BigInt.asIntN(64, message.units) !== message.units) {
        throw new globalThis.Error("value provided for field message.units of type int64 too large");
      }
      writer.uint32(16).int64(message.units);
    }
    if (message.nanos !== 0) {
      writer.uint32(24).int32(message.nanos);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseMoney();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.currency = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }
            message.units = reader.int64();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }
            message.nanos = reader.int32();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
function createBaseAddress() {
  return { name: "", street: "", city: "", postalCode: "", countryCode: "" };
}
var Address = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.name !== "") {
      writer.uint32(10).string(message.name);
    }
    if (message.street !== "") {
      writer.uint32(18).string(message.street);
    }
    if (message.city !== "") {
      writer.uint32(26).string(message.city);
    }
    if (message.postalCode !== "") {
      writer.uint32(34).string(message.postalCode);
    }
    if (message.countryCode !== "") {
      writer.uint32(42).string(message.countryCode);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseAddress();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.name = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }
            message.street = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 26) {
              break;
            }
            message.city = reader.string();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }
            message.postalCode = reader.string();
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }
            message.countryCode = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
function createBaseItem() {
  return { sku: "", title: "", quantity: 0, price: void 0, tags: [], gift: false };
}
var Item = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.sku !== "") {
      writer.uint32(10).string(message.sku);
    }
    if (message.title !== "") {
      writer.uint32(18).string(message.title);
    }
    if (message.quantity !== 0) {
      writer.uint32(24).uint32(message.quantity);
    }
    if (message.price !== void 0) {
      Money.encode(message.price, writer.uint32(34).fork()).join();
    }
    for (const v of message.tags) {
      writer.uint32(42).string(v);
    }
    if (message.gift !== false) {
      writer.uint32(48).bool(message.gift);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseItem();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.sku = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }
            message.title = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }
            message.quantity = reader.uint32();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }
            message.price = Money.decode(reader, reader.uint32());
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }
            message.tags.push(reader.string());
            continue;
          }
          case 6: {
            if (tag !== 48) {
              break;
            }
            message.gift = reader.bool();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
function createBaseOrder() {
  return {
    orderId: "",
    customerId: "",
    status: 0,
    placedAt: void 0,
    items: [],
    shipping: void 0,
    billing: void 0,
    labels: {},
    total: void 0,
    version: 0n,
    promotions: [],
    weightKg: 0,
    note: "",
    coupon: void 0,
    payment: void 0
  };
}
var Order = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.orderId !== "") {
      writer.uint32(10).string(message.orderId);
    }
    if (message.customerId !== "") {
      writer.uint32(18).string(message.customerId);
    }
    if (message.status !== 0) {
      writer.uint32(24).int32(message.status);
    }
    if (message.placedAt !== void 0) {
      Timestamp.encode(message.placedAt, writer.uint32(34).fork()).join();
    }
    for (const v of message.items) {
      Item.encode(v, writer.uint32(42).fork()).join();
    }
    if (message.shipping !== void 0) {
      Address.encode(message.shipping, writer.uint32(50).fork()).join();
    }
    if (message.billing !== void 0) {
      Address.encode(message.billing, writer.uint32(58).fork()).join();
    }
    globalThis.Object.entries(message.labels).forEach(([key, value]) => {
      Order_LabelsEntry.encode({ key, value }, writer.uint32(66).fork()).join();
    });
    if (message.total !== void 0) {
      Money.encode(message.total, writer.uint32(74).fork()).join();
    }
    if (message.version !== 0n) {
      if (BigInt.asIntN(64, message.version) !== message.version) {
        throw new globalThis.Error("value provided for field message.version of type int64 too large");
      }
      writer.uint32(80).int64(message.version);
    }
    if (message.promotions.length !== 0) {
      writer.uint32(90).fork();
      for (const v of message.promotions) {
        writer.int32(v);
      }
      writer.join();
    }
    if (message.weightKg !== 0) {
      writer.uint32(97).double(message.weightKg);
    }
    if (message.note !== "") {
      writer.uint32(106).string(message.note);
    }
    if (message.coupon !== void 0) {
      writer.uint32(114).string(message.coupon);
    }
    switch (message.payment?.$case) {
      case "cardToken":
        writer.uint32(122).string(message.payment.value);
        break;
      case "voucher":
        writer.uint32(130).string(message.payment.value);
        break;
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseOrder();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.orderId = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }
            message.customerId = reader.string();
            continue;
          }
          case 3: {
            if (tag !== 24) {
              break;
            }
            message.status = reader.int32();
            continue;
          }
          case 4: {
            if (tag !== 34) {
              break;
            }
            message.placedAt = Timestamp.decode(reader, reader.uint32());
            continue;
          }
          case 5: {
            if (tag !== 42) {
              break;
            }
            message.items.push(Item.decode(reader, reader.uint32()));
            continue;
          }
          case 6: {
            if (tag !== 50) {
              break;
            }
            message.shipping = Address.decode(reader, reader.uint32());
            continue;
          }
          case 7: {
            if (tag !== 58) {
              break;
            }
            message.billing = Address.decode(reader, reader.uint32());
            continue;
          }
          case 8: {
            if (tag !== 66) {
              break;
            }
            const entry8 = Order_LabelsEntry.decode(reader, reader.uint32());
            if (entry8.value !== void 0) {
              message.labels[entry8.key] = entry8.value;
            }
            continue;
          }
          case 9: {
            if (tag !== 74) {
              break;
            }
            message.total = Money.decode(reader, reader.uint32());
            continue;
          }
          case 10: {
            if (tag !== 80) {
              break;
            }
            message.version = reader.int64();
            continue;
          }
          case 11: {
            if (tag === 88) {
              message.promotions.push(reader.int32());
              continue;
            }
            if (tag === 90) {
              const end2 = reader.uint32() + reader.pos;
              while (reader.pos < end2) {
                message.promotions.push(reader.int32());
              }
              continue;
            }
            break;
          }
          case 12: {
            if (tag !== 97) {
              break;
            }
            message.weightKg = reader.double();
            continue;
          }
          case 13: {
            if (tag !== 106) {
              break;
            }
            message.note = reader.string();
            continue;
          }
          case 14: {
            if (tag !== 114) {
              break;
            }
            message.coupon = reader.string();
            continue;
          }
          case 15: {
            if (tag !== 122) {
              break;
            }
            message.payment = { $case: "cardToken", value: reader.string() };
            continue;
          }
          case 16: {
            if (tag !== 130) {
              break;
            }
            message.payment = { $case: "voucher", value: reader.string() };
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
function createBaseOrder_LabelsEntry() {
  return { key: "", value: "" };
}
var Order_LabelsEntry = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.key !== "") {
      writer.uint32(10).string(message.key);
    }
    if (message.value !== "") {
      writer.uint32(18).string(message.value);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseOrder_LabelsEntry();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.key = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 18) {
              break;
            }
            message.value = reader.string();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
function createBaseGreeting() {
  return { name: "", count: 0 };
}
var Greeting = {
  encode(message, writer = new BinaryWriter2()) {
    if (message.name !== "") {
      writer.uint32(10).string(message.name);
    }
    if (message.count !== 0) {
      writer.uint32(16).int32(message.count);
    }
    return writer;
  },
  decode(input, length) {
    const reader = input instanceof BinaryReader2 ? input : new BinaryReader2(input);
    const previousRecursionDepth = reader.__tsProtoDecodeDepth ?? 0;
    if (previousRecursionDepth >= 100) {
      throw new globalThis.Error("protobuf decode recursion limit exceeded");
    }
    reader.__tsProtoDecodeDepth = previousRecursionDepth + 1;
    try {
      const end = length === void 0 ? reader.len : reader.pos + length;
      const message = createBaseGreeting();
      while (reader.pos < end) {
        const tag = reader.uint32();
        switch (tag >>> 3) {
          case 1: {
            if (tag !== 10) {
              break;
            }
            message.name = reader.string();
            continue;
          }
          case 2: {
            if (tag !== 16) {
              break;
            }
            message.count = reader.int32();
            continue;
          }
        }
        if ((tag & 7) === 4 || tag === 0) {
          break;
        }
        reader.skip(tag & 7);
      }
      return message;
    } finally {
      reader.__tsProtoDecodeDepth = previousRecursionDepth;
    }
  }
};
export {
  Address,
  Greeting,
  Item,
  Money,
  Order,
  Order_LabelsEntry,
  Status,
  protobufFileName,
  protobufPackage
};

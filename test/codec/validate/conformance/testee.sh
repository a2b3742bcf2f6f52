#!/bin/sh
cd "$(dirname "$0")/../../../.." && exec node --import tsx test/codec/validate/conformance/testee.ts

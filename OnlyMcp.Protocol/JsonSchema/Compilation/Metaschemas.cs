using System.Text.Json;

namespace OnlyMcp.Protocol.JsonSchemas;

/// <summary>Schemas for schemas, so that a reference to one of the two official URIs resolves without a network.</summary>
/// <remarks>Not the official texts: a short wording of the same rules about the values of keywords.</remarks>
internal static class Metaschemas
{
    private static readonly Lazy<JsonElement> ForDraft202012 = new(() => Parse(Draft202012.Uri, """
        "$dynamicAnchor": "meta",
        """, """{ "$dynamicRef": "#meta" }""", """
        "$defs": { "$ref": "#/$defs/schemas" }, "dependentSchemas": { "$ref": "#/$defs/schemas" },
        "prefixItems": { "$ref": "#/$defs/schemaArray" }, "items": { "$ref": "#/$defs/schema" },
        "unevaluatedItems": { "$ref": "#/$defs/schema" }, "unevaluatedProperties": { "$ref": "#/$defs/schema" },
        "minContains": { "$ref": "#/$defs/count" }, "maxContains": { "$ref": "#/$defs/count" },
        "dependentRequired": { "type": "object", "additionalProperties": { "$ref": "#/$defs/names" } },
        "$anchor": { "type": "string" }, "$dynamicRef": { "type": "string" }, "$dynamicAnchor": { "type": "string" },
        "$vocabulary": { "type": "object", "additionalProperties": { "type": "boolean" } },
        """));

    private static readonly Lazy<JsonElement> ForDraft07 = new(() => Parse(Draft07.Uri, "", """{ "$ref": "#" }""", """
        "dependencies": {
          "type": "object",
          "additionalProperties": { "anyOf": [ { "$ref": "#/$defs/schema" }, { "$ref": "#/$defs/names" } ] }
        },
        "items": { "anyOf": [ { "$ref": "#/$defs/schema" }, { "$ref": "#/$defs/schemaArray" } ] },
        "additionalItems": { "$ref": "#/$defs/schema" },
        """));

    public static bool TryGet(string uri, out JsonElement schema)
    {
        var found = uri is Draft202012.Uri or Draft07.Uri;
        schema = !found ? default : uri == Draft07.Uri ? ForDraft07.Value : ForDraft202012.Value;
        return found;
    }

    private static JsonElement Parse(string uri, string identifiers, string schema, string particulars) => JsonElement.Parse($$"""
        {
          "$schema": "{{uri}}", "$id": "{{uri}}", {{identifiers}}
          "type": [ "object", "boolean" ],
          "properties": {
            {{particulars}}
            "$id": { "type": "string" }, "$schema": { "type": "string" }, "$ref": { "type": "string" }, "$comment": { "type": "string" },
            "title": { "type": "string" }, "description": { "type": "string" }, "format": { "type": "string" },
            "readOnly": { "type": "boolean" }, "writeOnly": { "type": "boolean" }, "examples": { "type": "array" },
            "type": { "anyOf": [ { "$ref": "#/$defs/type" }, { "type": "array", "items": { "$ref": "#/$defs/type" }, "minItems": 1, "uniqueItems": true } ] },
            "enum": { "type": "array" },
            "minimum": { "type": "number" }, "maximum": { "type": "number" },
            "exclusiveMinimum": { "type": "number" }, "exclusiveMaximum": { "type": "number" },
            "multipleOf": { "type": "number", "exclusiveMinimum": 0 },
            "minLength": { "$ref": "#/$defs/count" }, "maxLength": { "$ref": "#/$defs/count" }, "pattern": { "type": "string" },
            "minItems": { "$ref": "#/$defs/count" }, "maxItems": { "$ref": "#/$defs/count" }, "uniqueItems": { "type": "boolean" },
            "minProperties": { "$ref": "#/$defs/count" }, "maxProperties": { "$ref": "#/$defs/count" }, "required": { "$ref": "#/$defs/names" },
            "definitions": { "$ref": "#/$defs/schemas" }, "properties": { "$ref": "#/$defs/schemas" }, "patternProperties": { "$ref": "#/$defs/schemas" },
            "additionalProperties": { "$ref": "#/$defs/schema" }, "propertyNames": { "$ref": "#/$defs/schema" }, "contains": { "$ref": "#/$defs/schema" },
            "allOf": { "$ref": "#/$defs/schemaArray" }, "anyOf": { "$ref": "#/$defs/schemaArray" }, "oneOf": { "$ref": "#/$defs/schemaArray" },
            "not": { "$ref": "#/$defs/schema" }, "if": { "$ref": "#/$defs/schema" }, "then": { "$ref": "#/$defs/schema" }, "else": { "$ref": "#/$defs/schema" }
          },
          "$defs": {
            "schema": {{schema}},
            "schemas": { "type": "object", "additionalProperties": { "$ref": "#/$defs/schema" } },
            "schemaArray": { "type": "array", "items": { "$ref": "#/$defs/schema" }, "minItems": 1 },
            "names": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
            "count": { "type": "integer", "minimum": 0 },
            "type": { "enum": [ "string", "integer", "number", "boolean", "object", "array", "null" ] }
          }
        }
        """);
}

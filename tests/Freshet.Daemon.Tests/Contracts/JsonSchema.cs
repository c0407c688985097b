using System.Text.Json;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Contracts;

/// <summary>
/// The part of JSON Schema that the description uses: types, enumerations, limits, members, items, alternatives and references.
/// </summary>
internal static class JsonSchema
{
    private const string Components = "#/components/schemas/";

    /// <summary>Returns the first thing that is wrong with a value; null if it fits.</summary>
    /// <param name="value">The value.</param>
    /// <param name="schema">The schema that it should fit.</param>
    /// <param name="root">The description, for references.</param>
    /// <param name="where">Where the value is, for the message.</param>
    public static string? Objection(JsonNode? value, JsonNode schema, JsonNode root, string where)
    {
        if ((string?)schema["$ref"] is { } reference)
            return Objection(value, root["components"]!["schemas"]![reference[Components.Length..]]!, root, where);
        if (schema["anyOf"] is JsonArray alternatives)
        {
            string?[] objections = [.. alternatives.Select(alternative => Objection(value, alternative!, root, where))];
            return objections.Any(objection => objection is null) ? null : objections[0];
        }

        if (schema["enum"] is JsonArray known)
        {
            return known.Any(word => JsonNode.DeepEquals(word, value))
                ? null
                : $"{where}: {value?.ToJsonString()} is none of {known.ToJsonString()}";
        }

        string[] types = schema["type"] is JsonArray several ? [.. several.Select(type => (string)type!)] : [(string?)schema["type"] ?? ""];
        string actual = TypeOf(value);
        if (!types.Contains(actual) && !(actual == "integer" && types.Contains("number")) && types[0].Length > 0)
            return $"{where}: {actual}, but {schema["type"]?.ToJsonString()} is described";
        if (ObjectionToSize(value, schema) is { } wrong)
            return $"{where}: {wrong}";
        return value switch
        {
            JsonObject members => ObjectionToMembers(members, schema, root, where),
            JsonArray items when schema["items"] is { } item => items
                .Select((each, i) => Objection(each, item, root, $"{where}[{i}]")).FirstOrDefault(objection => objection is not null),
            _ => null,
        };
    }

    // Numbers are only limited to what a double has exactly.
    private static string? ObjectionToSize(JsonNode? value, JsonNode schema)
    {
        double? number = value?.GetValueKind() == JsonValueKind.Number ? (double)value : null;
        int? length = value?.GetValueKind() == JsonValueKind.String ? ((string)value!).Length : null;
        int? count = (value as JsonArray)?.Count;
        bool isBetween = number > (double?)schema["not"]?["exclusiveMinimum"] && number < (double?)schema["not"]?["exclusiveMaximum"];
        return number < (double?)schema["minimum"] || number > (double?)schema["maximum"] || isBetween ? $"{number} is out of range"
            : length > (int?)schema["maxLength"] ? $"{length} characters are too many"
            : count < (int?)schema["minItems"] || count > (int?)schema["maxItems"] ? $"{count} elements are too few or too many"
            : null;
    }

    private static string? ObjectionToMembers(JsonObject members, JsonNode schema, JsonNode root, string where)
    {
        foreach ((string name, JsonNode? member) in members)
        {
            JsonNode? described = schema["properties"]?[name] ?? schema["additionalProperties"];
            if (described is null)
                return $"{where}.{name} is not described";
            if (Objection(member, described, root, $"{where}.{name}") is { } objection)
                return objection;
        }

        string? missing = schema["required"]?.AsArray().Select(name => (string)name!).FirstOrDefault(name => !members.ContainsKey(name));
        return missing is null ? null : $"{where}.{missing} is missing";
    }

    private static string TypeOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null or JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => value.ToJsonString().AsSpan().ContainsAny('.', 'E') ? "number" : "integer",
        JsonValueKind.String => "string",
        JsonValueKind.Array => "array",
        _ => "object",
    };
}

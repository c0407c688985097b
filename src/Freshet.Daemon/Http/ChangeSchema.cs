using System.Text.Json.Nodes;
using Freshet.Api;

namespace Freshet.Daemon.Http;

/// <summary>
/// The <c>change</c> event in the description of the API. It is written member by member and read by merging, so no record is behind it:
/// its parts are those of the records, of which only what is different is sent.
/// </summary>
internal static class ChangeSchema
{
    /// <summary>Its name among the schemas.</summary>
    public const string Name = "ChangeEvent";

    /// <summary>Adds it to the schemas, among which those of the whole records are.</summary>
    public static void AddTo(Dictionary<string, JsonNode> schemas)
    {
        schemas["TorrentItemChange"] = PartOf(schemas[nameof(TorrentItem)], "hash");
        schemas["SessionStateChange"] = PartOf(schemas[nameof(SessionState)]);
        schemas[Name] = new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["added"] = ListOf(new JsonObject { ["$ref"] = Reference(nameof(TorrentItem)) }),
                ["changed"] = ListOf(new JsonObject { ["$ref"] = Reference("TorrentItemChange") }),
                ["removed"] = ListOf(new JsonObject { ["type"] = "string" }),
                ["session"] = new JsonObject { ["$ref"] = Reference("SessionStateChange") },
            },
        };
    }

    private static string Reference(string name) => "#/components/schemas/" + name;

    private static JsonObject ListOf(JsonObject item) => new() { ["type"] = "array", ["items"] = item };

    private static JsonObject PartOf(JsonNode whole, params ReadOnlySpan<string> required)
    {
        JsonObject part = new() { ["type"] = "object", ["properties"] = whole["properties"]!.DeepClone() };
        if (!required.IsEmpty)
            part["required"] = new JsonArray([.. required.ToArray().Select(name => (JsonNode)name)]);
        return part;
    }
}

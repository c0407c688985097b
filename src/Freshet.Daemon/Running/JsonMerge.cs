using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Freshet.Api;

namespace Freshet.Daemon.Running;

/// <summary>Merges a change into a record with members of the same names: null members leave the record's values.</summary>
internal static class JsonMerge
{
    public static T Over<T>(T below, SessionChange above, JsonTypeInfo<T> type)
    {
        JsonObject merged = JsonSerializer.SerializeToNode(below, type)!.AsObject();
        foreach ((string name, JsonNode? value) in JsonSerializer.SerializeToNode(above, JsonContext.Default.SessionChange)!.AsObject())
        {
            if (value is not null)
                merged[name] = value.DeepClone();
        }

        return merged.Deserialize(type)!;
    }

    /// <summary>A change without some of its members.</summary>
    public static SessionChange Without(SessionChange change, IEnumerable<string> members)
    {
        JsonObject rest = JsonSerializer.SerializeToNode(change, JsonContext.Default.SessionChange)!.AsObject();
        foreach (string member in members)
            rest.Remove(member);
        return rest.Deserialize(JsonContext.Default.SessionChange)!;
    }
}

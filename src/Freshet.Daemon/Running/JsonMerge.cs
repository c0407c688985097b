using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Freshet.Api;

namespace Freshet.Daemon.Running;

/// <summary>A change laid over records that have members of the same names: what is null in it leaves what is below.</summary>
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
}

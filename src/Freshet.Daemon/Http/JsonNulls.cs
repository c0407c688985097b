using System.Text.Json;

namespace Freshet.Daemon.Http;

/// <summary>Finds what the serializer does not refuse: null as the element of a list.</summary>
internal static class JsonNulls
{
    /// <summary>The member of the outermost object in which a list has null among its elements; null if none has.</summary>
    /// <exception cref="JsonException">The text is not JSON.</exception>
    public static string? FindInList(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = new(json);
        string member = "";

        // A bit for each container that is open, the innermost last: whether it is a list. The serializer has bounded their number.
        ulong lists = 0;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    lists = (lists << 1) | 1;
                    break;
                case JsonTokenType.StartObject:
                    lists <<= 1;
                    break;
                case JsonTokenType.EndArray or JsonTokenType.EndObject:
                    lists >>= 1;
                    break;
                case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                    member = reader.GetString()!;
                    break;
                case JsonTokenType.Null when (lists & 1) == 1:
                    return member;
            }
        }

        return null;
    }
}

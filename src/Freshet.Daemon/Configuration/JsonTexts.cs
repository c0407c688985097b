using System.Text.Json;

namespace Freshet.Daemon.Configuration;

/// <summary>
/// Finds numbers and booleans in the configuration's file where an option takes a text. The framework makes texts of all values, so the
/// folder 5 would be made without a word.
/// </summary>
internal static class JsonTexts
{
    // What may be written without quotes.
    private static readonly HashSet<string> NotTexts = ["N", "BOOL", "SECONDS", "NUMBER", "RATE", "SIZE", "PROGRAM|ARGUMENT"];

    public static IEnumerable<string> Objections(byte[] json, string file)
    {
        // As the framework reads it.
        using StreamReader text = new(new MemoryStream(json));
        using JsonDocument document = JsonDocument.Parse(
            text.ReadToEnd(), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        List<string> objections = [];
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            Setting? setting = Settings.All.FirstOrDefault(each => each.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            if (setting is null || NotTexts.Contains(setting.ValueName))
                continue;
            JsonElement[] values = member.Value.ValueKind == JsonValueKind.Array ? [.. member.Value.EnumerateArray()] : [member.Value];
            objections.AddRange(values
                .Where(value => value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                .Select(value => $"{setting.Name} (in {file}) is {value.GetRawText()}: expected a text in quotes"));
        }

        return objections;
    }
}

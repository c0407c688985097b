using System.Globalization;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Http;

/// <summary>What a value in a request may be. The description of the API has the same as keywords of JSON Schema.</summary>
internal sealed record ValueLimits
{
    /// <summary>The smallest number.</summary>
    public long? Least { get; init; }

    /// <summary>The largest number.</summary>
    public long? Most { get; init; }

    /// <summary>Whether 0 is allowed too, which is no limit.</summary>
    public bool OrZero { get; init; }

    /// <summary>The most characters of a text.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The fewest elements of a list.</summary>
    public int? MinItems { get; init; }

    /// <summary>The most elements of a list.</summary>
    public int? MaxItems { get; init; }

    /// <summary>What each element of a list may be.</summary>
    public ValueLimits? Items { get; init; }

    /// <summary>The only texts that are allowed.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    public bool Allows(double number) => (OrZero && number == 0) || (!(number < Least) && !(number > Most));

    /// <summary>The range of numbers, in words.</summary>
    public override string ToString()
    {
        string range = Most is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Least} or more")
            : string.Create(CultureInfo.InvariantCulture, $"{Least} to {Most}");
        return OrZero ? range + ", or 0 for no limit" : range;
    }

    /// <summary>Adds the keywords to the schema of such a value.</summary>
    public void AddTo(JsonNode schema)
    {
        if (Least is { } least)
            schema["minimum"] = OrZero ? 0 : least;
        if (Most is { } most)
            schema["maximum"] = most;
        if (OrZero && Least > 1)
            schema["not"] = new JsonObject { ["type"] = "number", ["exclusiveMinimum"] = 0, ["exclusiveMaximum"] = Least };
        if (MaxLength is { } length)
            schema["maxLength"] = length;
        if (MinItems is { } fewest)
            schema["minItems"] = fewest;
        if (MaxItems is { } items)
            schema["maxItems"] = items;
        if (Words is { } words)
            schema["enum"] = new JsonArray([.. words.Select(word => (JsonNode)word)]);
        Items?.AddTo(schema["items"]!);
    }
}

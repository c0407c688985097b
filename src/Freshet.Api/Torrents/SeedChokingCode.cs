using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Which peers a seed uploads to. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<SeedChokingCode>))]
public enum SeedChokingCode
{
    /// <summary>Those that take the most.</summary>
    FastestUpload,

    /// <summary>Each in its turn.</summary>
    RoundRobin,

    /// <summary>Those that have just begun and those that are nearly done.</summary>
    AntiLeech,
}

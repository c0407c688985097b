using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>The limit by which a torrent has seeded enough. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<SeedLimitCode>))]
public enum SeedLimitCode
{
    /// <summary>The bytes sent for each byte received.</summary>
    Ratio,

    /// <summary>The time spent seeding.</summary>
    SeedTime,

    /// <summary>The time since anything was last sent.</summary>
    IdleTime,
}

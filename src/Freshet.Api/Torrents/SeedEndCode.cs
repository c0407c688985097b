using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What becomes of a torrent that has seeded enough. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<SeedEndCode>))]
public enum SeedEndCode
{
    /// <summary>It is stopped.</summary>
    Stop,

    /// <summary>It is removed; its files stay.</summary>
    Remove,

    /// <summary>It is removed, and its files are deleted.</summary>
    RemoveWithFiles,
}

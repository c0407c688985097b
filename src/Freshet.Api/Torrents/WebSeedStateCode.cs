using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What a web seed is about. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<WebSeedStateCode>))]
public enum WebSeedStateCode
{
    /// <summary>It is not asked now.</summary>
    Idle,

    /// <summary>It is asked for what is missing.</summary>
    Active,

    /// <summary>It failed, and is left alone for a while.</summary>
    Resting,

    /// <summary>It has nothing that can be used; it is not asked again in this run.</summary>
    GivenUp,

    /// <summary>It sent data that failed its hash; nothing more is asked of its host in this run.</summary>
    Banned,

    /// <summary>Its URL is of a kind that is not supported.</summary>
    Unsupported,
}

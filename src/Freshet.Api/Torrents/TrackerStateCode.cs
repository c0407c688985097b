using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>The state of a tracker. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<TrackerStateCode>))]
public enum TrackerStateCode
{
    /// <summary>Not asked in this run.</summary>
    Idle,

    /// <summary>Being asked, or waiting for its turn.</summary>
    Announcing,

    /// <summary>It answered.</summary>
    Working,

    /// <summary>The last announce failed; it is tried again.</summary>
    Failing,

    /// <summary>It asked never to be asked again.</summary>
    GivenUp,

    /// <summary>Its URL is not one that can be announced to.</summary>
    Unsupported,
}

using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>How making a torrent stands. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<CreationStateCode>))]
public enum CreationStateCode
{
    /// <summary>It waits for its turn, or its data is hashed.</summary>
    Running,

    /// <summary>It is made.</summary>
    Done,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was cancelled.</summary>
    Cancelled,
}

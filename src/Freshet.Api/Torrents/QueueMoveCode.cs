using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>Where a torrent goes in the queue. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<QueueMoveCode>))]
public enum QueueMoveCode
{
    /// <summary>Before all others.</summary>
    Top,

    /// <summary>Before the next one above it that is complete as it is, or incomplete as it is.</summary>
    Up,

    /// <summary>Behind the next one below it that is complete as it is, or incomplete as it is.</summary>
    Down,

    /// <summary>Behind all others.</summary>
    Bottom,
}

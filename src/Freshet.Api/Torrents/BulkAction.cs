using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What can be done to several torrents. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<BulkAction>))]
public enum BulkAction
{
    /// <summary>Start, or try again after a failure.</summary>
    Start,

    /// <summary>Stop.</summary>
    Stop,

    /// <summary>Hash what is on disk.</summary>
    Recheck,

    /// <summary>Ask the trackers for peers.</summary>
    Reannounce,

    /// <summary>Remove.</summary>
    Remove,

    /// <summary>Change settings.</summary>
    Change,

    /// <summary>Move their files to another folder.</summary>
    Move,

    /// <summary>Before all others in the queue.</summary>
    QueueTop,

    /// <summary>One place up in the queue.</summary>
    QueueUp,

    /// <summary>One place down in the queue.</summary>
    QueueDown,

    /// <summary>Behind all others in the queue.</summary>
    QueueBottom,
}

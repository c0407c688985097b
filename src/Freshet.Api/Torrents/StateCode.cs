using System.Text.Json.Serialization;

namespace Freshet.Api;

/// <summary>What a torrent is doing. In JSON: the names in lower case, with hyphens between words.</summary>
[JsonConverter(typeof(CodeConverter<StateCode>))]
public enum StateCode
{
    /// <summary>Stopped by the user.</summary>
    Stopped,

    /// <summary>Its files are not known yet.</summary>
    FetchingMetadata,

    /// <summary>What is on disk is hashed.</summary>
    Checking,

    /// <summary>Wanted pieces are missing.</summary>
    Downloading,

    /// <summary>All wanted pieces are there.</summary>
    Seeding,

    /// <summary>It waits for its turn, until fewer others are active.</summary>
    Queued,

    /// <summary>The disk fails; it goes on by itself.</summary>
    WaitingForDisk,

    /// <summary>Something that only the user can mend.</summary>
    Failed,
}

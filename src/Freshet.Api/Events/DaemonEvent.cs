using System.Text.Json;

namespace Freshet.Api;

/// <summary>A live event of a daemon.</summary>
/// <param name="Type"><c>snapshot</c>, <c>change</c> or <c>log</c>.</param>
/// <param name="Id">Its id, with which to listen again; null in the middle of a snapshot.</param>
/// <param name="Data">
/// Its content. That of a change has the members <c>added</c>, <c>changed</c>, <c>removed</c> and <c>session</c>; of torrents that have
/// changed it has the hash and the members that are different, which are to be put into what was known.
/// </param>
public sealed record DaemonEvent(string Type, string? Id, JsonElement Data)
{
    /// <summary>Some of all torrents, if it is a snapshot; otherwise null.</summary>
    public SnapshotEvent? Snapshot => Type == "snapshot" ? Data.Deserialize(DaemonConnection.Lenient.SnapshotEvent) : null;

    /// <summary>The entry of the log, if it is one; otherwise null.</summary>
    public LogItem? Log => Type == "log" ? Data.Deserialize(DaemonConnection.Lenient.LogItem) : null;
}

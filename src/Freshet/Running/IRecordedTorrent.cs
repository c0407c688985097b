using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>A torrent, as <see cref="Checkpoints"/> and <see cref="Recording"/> need it to record what it does.</summary>
internal interface IRecordedTorrent
{
    /// <summary>Makes the decisions. Belongs to the loop.</summary>
    TorrentMachine Machine { get; }

    /// <summary>What is recorded.</summary>
    TorrentMemory Memory { get; }

    /// <summary>What the torrent has done. Belongs to the loop.</summary>
    TorrentHistory History { get; }

    /// <summary>Its data; null until the metadata is known.</summary>
    IRecordedData? Data { get; }

    TorrentOptions Options { get; }

    /// <summary>How often it is recorded while there is something new.</summary>
    TimeSpan CheckpointInterval { get; }

    /// <summary>Runs an action on the loop and completes when it is done.</summary>
    Task OnLoopAsync(Action<Timestamp> action);

    /// <summary>Called on any thread when a save has failed, so that the loop asks again when the next is due.</summary>
    void Wake();

    /// <summary>Called on any thread when the data was recorded.</summary>
    /// <param name="pieces">The pieces that were verified when the save began.</param>
    void OnRecorded(int pieces);

    /// <summary>Warns the torrent's user. Called on any thread.</summary>
    void Warn(string message);
}

using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Loops;

namespace Freshet.WebSeeds;

/// <summary>The torrent that web seeds download for.</summary>
internal interface IWebSeedOwner
{
    /// <summary>The torrent's metainfo; known whenever web seeds are used.</summary>
    TorrentMetainfo? Metainfo { get; }

    /// <summary>The torrent's machine. Belongs to the torrent's loop.</summary>
    TorrentMachine Machine { get; }

    /// <summary>Posts an item to the loop, and runs it now if nobody runs the loop. Called from any thread.</summary>
    void Post(ILoopItem item);

    /// <summary>Performs an action on the machine and handles its consequences; within an item of the loop.</summary>
    void Run(Action<Timestamp> action);
}

using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Loops;

namespace Freshet.WebSeeds;

/// <summary>The torrent for which web seeds are asked.</summary>
internal interface IWebSeedOwner
{
    /// <summary>What it holds; known while web seeds are asked.</summary>
    TorrentMetainfo? Metainfo { get; }

    /// <summary>Decides. Belongs to the torrent's loop.</summary>
    TorrentMachine Machine { get; }

    /// <summary>Puts an item on the loop, and runs it now if nobody runs the loop. Called from any thread.</summary>
    void Post(ILoopItem item);

    /// <summary>Does something to the machine, and what follows from it; within an item of the loop.</summary>
    void Run(Action<Timestamp> action);
}

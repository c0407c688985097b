using Freshet.Connections;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Running;

/// <summary>A torrent as seen by <see cref="Competition"/>: every call is posted to the torrent's loop, and none is awaited.</summary>
internal interface ICompetitor
{
    /// <summary>Tells the torrent its new allotment.</summary>
    void PostAllotted(Allotment allotment);

    /// <summary>Tells the torrent to end its least useful connection.</summary>
    void PostMakeRoom();

    /// <summary>Hands the torrent an incoming peer.</summary>
    void PostIncoming(ITransport transport, Handshake theirs, bool mustReplace);
}

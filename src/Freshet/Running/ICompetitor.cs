using Freshet.Connections;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Running;

/// <summary>A torrent as the <see cref="Competition"/> speaks to it: nothing is awaited, all is posted to its loop.</summary>
internal interface ICompetitor
{
    /// <summary>It may use so much now.</summary>
    void PostAllotted(Allotment allotment);

    /// <summary>It is to end its least useful connection.</summary>
    void PostMakeRoom();

    /// <summary>A peer came in.</summary>
    void PostIncoming(ITransport transport, Handshake theirs, bool mustReplace);
}

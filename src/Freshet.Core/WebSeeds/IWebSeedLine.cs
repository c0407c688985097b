using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.WebSeeds;

/// <summary>The lines to web seeds. Every call returns at once; what comes of it arrives later, never from within the call.</summary>
internal interface IWebSeedLine : ISourceLine
{
    /// <summary>Fetches a run of bytes. Answered by OnFetched for each of its blocks, in their order, and an OnFetchEnded.</summary>
    void Fetch(FetchOrder order);

    /// <summary>Gives a request up; nothing more is heard of it but blocks that were on their way.</summary>
    void AbortFetch(PeerKey seed, FetchKey fetch);
}

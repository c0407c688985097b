using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.WebSeeds;

/// <summary>Communication with web seeds. Every call returns at once; results arrive later, never from within the call.</summary>
internal interface IWebSeedLine : ISourceLine
{
    /// <summary>Fetches a run of bytes. Answered by OnFetched for each of its blocks in order, then OnFetchEnded.</summary>
    void Fetch(FetchOrder order);

    /// <summary>Aborts a request; nothing more is received for it except blocks that were in transit.</summary>
    void AbortFetch(PeerKey seed, FetchKey fetch);
}

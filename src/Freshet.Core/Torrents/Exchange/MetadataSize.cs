using System.Runtime.InteropServices;
using Freshet.Core.Peers;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>A metadata size claimed by peers. Each network has one vote, however many of its peers claim the size.</summary>
internal sealed class MetadataSize
{
    private readonly Dictionary<Origin, int> _claims = [];

    /// <summary>How many networks claim it.</summary>
    public int Votes => _claims.Count;

    /// <summary>How often attempts of this size were abandoned in favour of others.</summary>
    public int Failures { get; set; }

    /// <summary>
    /// Whether pieces from several peers, put together, failed the hash check: from now on each peer must supply all of them.
    /// </summary>
    public bool IsMixed { get; set; }

    public void AddClaim(Origin network) => CollectionsMarshal.GetValueRefOrAddDefault(_claims, network, out _)++;

    public void RemoveClaim(Origin network)
    {
        if (--_claims[network] == 0)
            _claims.Remove(network);
    }
}

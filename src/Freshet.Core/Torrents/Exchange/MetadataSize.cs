using System.Runtime.InteropServices;
using Freshet.Core.Peers;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>A size that peers say the metadata has. Each network has one vote, however many peers of it say so.</summary>
internal sealed class MetadataSize
{
    private readonly Dictionary<Origin, int> _claims = [];

    /// <summary>How many networks claim it.</summary>
    public int Votes => _claims.Count;

    /// <summary>How often it was given up for others to have their turn.</summary>
    public int Failures { get; set; }

    /// <summary>Whether pieces of several peers together had not the hash: from now on each peer must give all of them.</summary>
    public bool IsMixed { get; set; }

    public void AddClaim(Origin network) => CollectionsMarshal.GetValueRefOrAddDefault(_claims, network, out _)++;

    public void RemoveClaim(Origin network)
    {
        if (--_claims[network] == 0)
            _claims.Remove(network);
    }
}

using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Determines our address by vote. Every network has one vote, its latest; only the most recent votes count. An address is believed once
/// more than half of the votes agree on it and it is reported either by several voters or by the router; it stays until another is
/// believed.
/// </summary>
internal sealed class ExternalAddressVote
{
    private const int VotesNeeded = 4;

    // Oldest first, one per voter.
    private readonly List<Vote> _votes = [];

    /// <summary>The address that is believed; null if there is none yet.</summary>
    public ExternalAddressStatus? Believed { get; private set; }

    public void Hear(IPAddress address, ExternalAddressSources source, Origin voter)
    {
        int before = IndexOf(voter);
        if (before >= 0)
            _votes.RemoveAt(before);
        else if (_votes.Count == PeerLimits.MaxAddressVotes)
            _votes.RemoveAt(0);
        _votes.Add(new Vote(voter, address, source));
        Count(address);
    }

    private void Count(IPAddress address)
    {
        int votes = 0;
        ExternalAddressSources sources = ExternalAddressSources.None;
        foreach (Vote vote in _votes)
        {
            if (!vote.Address.Equals(address))
                continue;
            votes++;
            sources |= vote.Source;
        }

        bool hasEnough = votes >= VotesNeeded || sources.HasFlag(ExternalAddressSources.Router);
        if (!address.Equals(Believed?.Address) && (!hasEnough || 2 * votes <= _votes.Count))
            return;
        Believed = new ExternalAddressStatus { Address = address, Votes = votes, Voters = _votes.Count, Sources = sources };
    }

    private int IndexOf(Origin voter)
    {
        for (int i = 0; i < _votes.Count; i++)
        {
            if (_votes[i].Voter == voter)
                return i;
        }

        return -1;
    }

    private readonly record struct Vote(Origin Voter, IPAddress Address, ExternalAddressSources Source);
}

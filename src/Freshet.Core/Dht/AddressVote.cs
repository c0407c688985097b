namespace Freshet.Core.Dht;

/// <summary>
/// Our own address as nodes see it, which we cannot know behind a router (BEP 42, <c>ip</c>). Every host has one voice in a round; an
/// address is believed if more than half of a round say it.
/// </summary>
internal sealed class AddressVote
{
    private const int VotesOfRound = 24;
    private const int VotesNeeded = 8;

    private readonly Dictionary<NodeAddress, int> _votes = [];
    private readonly HashSet<NodeAddress> _voters = [];

    /// <summary>What was believed last, with port 0; null if nothing was yet.</summary>
    public NodeAddress? Address { get; private set; }

    /// <summary>A node told how it sees us; true if that changes what is believed.</summary>
    public bool OnTold(NodeAddress teller, NodeAddress seenAs)
    {
        NodeAddress candidate = seenAs.At(0);
        if (!_voters.Add(teller.Host))
            return false;
        int votes = _votes.GetValueOrDefault(candidate) + 1;
        _votes[candidate] = votes;
        bool isNews = votes >= VotesNeeded && votes * 2 > _voters.Count && candidate != Address;
        if (isNews)
            Address = candidate;
        if (isNews || _voters.Count >= VotesOfRound)
        {
            _votes.Clear();
            _voters.Clear();
        }

        return isNews;
    }
}

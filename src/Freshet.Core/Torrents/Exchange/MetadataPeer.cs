using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>What the fetching of metadata knows of a peer that has some to give.</summary>
internal sealed class MetadataPeer(Peer peer)
{
    /// <summary>Requests to one peer at once. More would only make us look like a flood (BEP 9 lets peers refuse one).</summary>
    public const int MostRequests = 2;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(4);

    private readonly List<MetadataRequest> _requests = new(MostRequests);
    private int _refusals;

    public Peer Peer { get; } = peer;

    /// <summary>Bytes of the metadata as the peer has it; 0 if it has none, or more than we take.</summary>
    public int Size { get; set; }

    /// <summary>How often it was the only one asked, and nothing came of it.</summary>
    public int FailuresAlone { get; set; }

    /// <summary>Messages in a row that we have not asked for.</summary>
    public int Unrequested { get; set; }

    /// <summary>Until when it is left alone.</summary>
    public Timestamp RestsUntil { get; private set; } = new(long.MinValue);

    /// <summary>What it was asked for, the overdue included.</summary>
    public IReadOnlyList<MetadataRequest> Requests => _requests;

    /// <summary>Whether it may be asked for a piece now.</summary>
    public bool CanBeAsked(Timestamp now) => Size > 0 && now >= RestsUntil && _requests.Count < MostRequests;

    public bool IsAskedFor(MetadataAttempt attempt, int piece)
    {
        foreach (MetadataRequest request in _requests)
        {
            if (request.Attempt == attempt && request.Piece == piece)
                return true;
        }

        return false;
    }

    public void OnAsked(MetadataAttempt attempt, int piece, Timestamp at)
    {
        attempt.OnAsked(piece);
        _requests.Add(new MetadataRequest(attempt, piece, at));
    }

    /// <summary>It answered for a piece: takes the request out. False if there was none.</summary>
    public bool TryTake(int piece, out MetadataRequest request)
    {
        int at = _requests.FindIndex(asked => asked.Piece == piece);
        request = at < 0 ? default : _requests[at];
        if (at >= 0)
            Remove(at);
        return at >= 0;
    }

    /// <summary>It gave a piece that was asked for.</summary>
    public void OnGiven()
    {
        _refusals = 0;
        Unrequested = 0;
    }

    /// <summary>It refused, or never answered: it rests, longer each time.</summary>
    public void OnRefused(Timestamp now)
    {
        RestsUntil = now + TimeSpan.FromTicks(Math.Min(FirstRest.Ticks << Math.Min(_refusals, 8), LongestRest.Ticks));
        _refusals++;
    }

    /// <summary>Takes back everything that it was asked for.</summary>
    public void ForgetRequests()
    {
        while (_requests.Count > 0)
            Remove(_requests.Count - 1);
    }

    /// <summary>Lets others be asked for what is overdue, and gives up what was waited for in vain.</summary>
    /// <param name="own">The time on the peer's own clock.</param>
    /// <param name="overdueAfter">When others are asked too.</param>
    /// <param name="lostAfter">When nothing is expected any more.</param>
    /// <param name="anyLost">Whether something was given up.</param>
    /// <returns>Whether there is something for others to be asked for.</returns>
    public bool Expire(Timestamp own, TimeSpan overdueAfter, TimeSpan lostAfter, out bool anyLost)
    {
        bool anyOverdue = false;
        anyLost = false;
        for (int i = _requests.Count - 1; i >= 0; i--)
        {
            MetadataRequest request = _requests[i];
            if (own - request.AskedAt >= lostAfter)
            {
                Remove(i);
                anyLost = true;
            }
            else if (!request.IsOverdue && own - request.AskedAt >= overdueAfter)
            {
                request.Attempt.OnReleased(request.Piece);
                _requests[i] = request with { IsOverdue = true };
                anyOverdue = true;
            }
        }

        return anyOverdue || anyLost;
    }

    private void Remove(int at)
    {
        MetadataRequest request = _requests[at];
        _requests.RemoveAt(at);
        if (!request.IsOverdue)
            request.Attempt.OnReleased(request.Piece);
    }
}

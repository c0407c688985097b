using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Tracks what hosts have recently sent us and received in return, so that nobody floods us, and nobody can use us to flood others: source
/// addresses may be forged, and then the answers hit somebody else. An endpoint proves that it receives our datagrams by answering a query
/// or presenting a token. Until then it gets no more bytes than it sent plus a small credit of its host. All credits together are limited
/// as well, since whoever forges addresses has any number of them. The proof says that there is a node, and not that it is the one who
/// asks: so the endpoints of a host that have given it get no more bytes than they sent plus a modest rate.
/// </summary>
/// <remarks>
/// Memory is bounded by two generations: a host not heard from for a whole generation is forgotten, and so is an endpoint. Only who
/// receives our datagrams is among those endpoints, so that forged addresses do not displace them.
/// </remarks>
/// <param name="begin">The current time.</param>
internal sealed class Correspondents(Timestamp begin)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CreditTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProofTime = TimeSpan.FromMinutes(30);

    private readonly TokenBucket _credit = new(new DataRate(DhtLimits.DhtUnprovenBytesPerSecond), begin, DhtLimits.DhtUnprovenBurst);
    private readonly TwoGenerations<Account> _hosts = new();
    private readonly TwoGenerations<Proof> _proofs = new();

    /// <summary>Counts a query; false if its host sends too many and should not be answered.</summary>
    public bool Admit(NodeAddress sender, Timestamp now)
    {
        Account account = Find(sender);
        if (now - account.WindowBegan >= Window || account.WindowBegan > now)
        {
            account.WindowBegan = now;
            account.Queries = 0;
        }

        return ++account.Queries <= DhtLimits.MaxDhtQueriesPerHost;
    }

    /// <summary>Whether an endpoint has recently proved that it receives our datagrams.</summary>
    public bool IsProven(NodeAddress sender, Timestamp now) => _proofs.Find(sender)?.Until > now;

    /// <summary>The maximum length of an answer to a query.</summary>
    public int MostFor(NodeAddress sender, int queryLength, Timestamp now, int most = DhtLimits.MaxDhtAnswerLength)
    {
        Account account = Find(sender);
        if (IsProven(sender, now))
            return account.Excess?.Wait(now) > TimeSpan.Zero ? Math.Min(queryLength, most) : most;
        if (now - account.CreditBegan >= CreditTime)
        {
            account.CreditBegan = now;
            account.Credit = DhtLimits.DhtUnprovenCredit;
            account.Asked?.Clear();
        }

        return Math.Min(queryLength + (IsCreditSpent(now) ? 0 : account.Credit), most);
    }

    /// <summary>
    /// Whether an endpoint whose host has used up half of its credit, or gets none, should be asked to prove that it receives our
    /// datagrams. This happens once per credit, and for so many endpoints of a host: one address may be shared by many legitimate nodes.
    /// </summary>
    public bool MayProve(NodeAddress sender, Timestamp now)
    {
        if (IsProven(sender, now))
            return false;
        Account account = Find(sender);
        bool mayAsk = account.Asked is not { } asked || (asked.Count < DhtLimits.MaxDhtProofsPerHost && !asked.Contains(sender));
        return mayAsk && (account.Credit <= DhtLimits.DhtUnprovenCredit / 2 || IsCreditSpent(now));
    }

    /// <summary>An endpoint has been asked to prove that it receives our datagrams.</summary>
    public void OnAskedToProve(NodeAddress sender) => (Find(sender).Asked ??= []).Add(sender);

    /// <summary>An answer was sent.</summary>
    public void OnAnswered(NodeAddress sender, int queryLength, int answerLength, Timestamp now)
    {
        Account account = Find(sender);
        if (IsProven(sender, now))
        {
            account.Excess ??= new TokenBucket(new DataRate(DhtLimits.DhtProvenBytesPerSecond), now, DhtLimits.DhtProvenBurst);
            account.Excess.Charge(Math.Max(0, answerLength - queryLength));
            return;
        }

        int used = Math.Clamp(answerLength - queryLength, 0, account.Credit);
        account.Credit -= used;
        _credit.Charge(used);
    }

    /// <summary>An endpoint proved that it received our datagram.</summary>
    public void OnProved(NodeAddress sender, Timestamp now) => _proofs.FindOrAdd(sender).Until = now + ProofTime;

    private bool IsCreditSpent(Timestamp now) => _credit.Wait(now) > TimeSpan.Zero;

    private Account Find(NodeAddress sender) => _hosts.FindOrAdd(sender.Host);

    private sealed class Account
    {
        public int Queries;
        public Timestamp WindowBegan;
        public int Credit = DhtLimits.DhtUnprovenCredit;
        public Timestamp CreditBegan;
        public HashSet<NodeAddress>? Asked;
        public TokenBucket? Excess;
    }

    private sealed class Proof
    {
        public Timestamp Until;
    }

    /// <summary>What is known of addresses; one that was not looked at for a whole generation is forgotten.</summary>
    private sealed class TwoGenerations<T>
        where T : class, new()
    {
        private Dictionary<NodeAddress, T> _young = [];
        private Dictionary<NodeAddress, T> _old = [];

        public T? Find(NodeAddress address) =>
            _young.GetValueOrDefault(address) ?? (_old.ContainsKey(address) ? FindOrAdd(address) : null);

        public T FindOrAdd(NodeAddress address)
        {
            if (_young.TryGetValue(address, out T? known))
                return known;
            if (_young.Count >= DhtLimits.MaxDhtCorrespondents)
                (_old, _young) = (_young, []);
            if (!_old.Remove(address, out known))
                known = new T();
            _young.Add(address, known);
            return known;
        }
    }
}

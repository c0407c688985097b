using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Tracks what hosts have recently sent us and received in return, so that nobody floods us, and nobody can use us to flood others. A host
/// proves that it receives our datagrams by answering a query or presenting a token. Until then it gets no more bytes than it sent plus a
/// small credit: its source address may be forged, and the answers may hit somebody else. All credits together are limited as well, since
/// whoever forges addresses has any number of them.
/// </summary>
/// <remarks>Memory is bounded by two generations: a host not heard from for a whole generation is forgotten.</remarks>
/// <param name="begin">The current time.</param>
internal sealed class Correspondents(Timestamp begin)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CreditTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ProofTime = TimeSpan.FromMinutes(30);

    private readonly TokenBucket _credit = new(new DataRate(DhtLimits.DhtUnprovenBytesPerSecond), begin, DhtLimits.DhtUnprovenBurst);
    private Dictionary<NodeAddress, Account> _young = [];
    private Dictionary<NodeAddress, Account> _old = [];

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

    /// <summary>Whether a host has recently proved that it receives our datagrams.</summary>
    public bool IsProven(NodeAddress sender, Timestamp now) => Find(sender).ProvenUntil > now;

    /// <summary>The maximum length of an answer to a query.</summary>
    public int MostFor(NodeAddress sender, int queryLength, Timestamp now, int most = DhtLimits.MaxDhtAnswerLength)
    {
        Account account = Find(sender);
        if (account.ProvenUntil > now)
            return most;
        if (now - account.CreditBegan >= CreditTime)
        {
            account.CreditBegan = now;
            account.Credit = DhtLimits.DhtUnprovenCredit;
            account.IsAsked = false;
        }

        return Math.Min(queryLength + (IsCreditSpent(now) ? 0 : account.Credit), most);
    }

    /// <summary>
    /// Whether a host that has used up half of its credit, or gets none, should be asked to prove that it receives our datagrams. This
    /// happens once per credit: one address may be shared by many legitimate nodes.
    /// </summary>
    public bool MayProve(NodeAddress sender, Timestamp now)
    {
        Account account = Find(sender);
        return account.ProvenUntil <= now && !account.IsAsked
            && (account.Credit <= DhtLimits.DhtUnprovenCredit / 2 || IsCreditSpent(now));
    }

    /// <summary>A host has been asked to prove that it receives our datagrams.</summary>
    public void OnAskedToProve(NodeAddress sender) => Find(sender).IsAsked = true;

    /// <summary>An answer was sent.</summary>
    public void OnAnswered(NodeAddress sender, int queryLength, int answerLength, Timestamp now)
    {
        Account account = Find(sender);
        if (account.ProvenUntil > now)
            return;
        int used = Math.Clamp(answerLength - queryLength, 0, account.Credit);
        account.Credit -= used;
        _credit.Charge(used);
    }

    /// <summary>A host proved that it received our datagram.</summary>
    public void OnProved(NodeAddress sender, Timestamp now) => Find(sender).ProvenUntil = now + ProofTime;

    private bool IsCreditSpent(Timestamp now) => _credit.Wait(now) > TimeSpan.Zero;

    private Account Find(NodeAddress sender)
    {
        NodeAddress host = sender.Host;
        if (_young.TryGetValue(host, out Account? account))
            return account;
        if (_young.Count >= DhtLimits.MaxDhtCorrespondents)
            (_old, _young) = (_young, []);
        if (!_old.Remove(host, out account))
            account = new Account();
        _young.Add(host, account);
        return account;
    }

    private sealed class Account
    {
        public int Queries;
        public Timestamp WindowBegan;
        public int Credit = DhtLimits.DhtUnprovenCredit;
        public Timestamp CreditBegan;
        public bool IsAsked;
        public Timestamp ProvenUntil;
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Core;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// A whole swarm in one thread and on one clock. Everything that is by chance comes from the seed, so that a run can be had again,
/// to the byte.
/// </summary>
internal sealed class SimSwarm
{
    /// <summary>
    /// Set to a number, this environment variable runs every scenario with that seed alone, and a failure tells all that happened.
    /// </summary>
    public const string SeedVariable = "FRESHET_SIMULATION_SEED";

    /// <summary>
    /// Set to a number, this environment variable runs every scenario with so many seeds more than it asks for. They are drawn anew in each
    /// run, where the usual ones are the same: a gate says the same of the same tree, and a long search does not look at the same twice.
    /// </summary>
    public const string MoreSeedsVariable = "FRESHET_SIMULATION_MORE_SEEDS";
    private const int LinesToTell = 40;

    // In a swarm of more peers they take turns at being checked after an event: else the rules would cost more than the swarm does.
    private const int CheckedAtOnce = 16;

    private readonly Random _random;
    private readonly List<SimPeer> _peers = [];
    private int _hosts;
    private int _checked;

    /// <param name="seed">All chance.</param>
    /// <param name="pieces">Pieces of the torrent, unless files are given.</param>
    /// <param name="blocksPerPiece">Blocks of a piece.</param>
    /// <param name="files">Bytes of the files; the last piece is short if nothing is said.</param>
    /// <param name="metadataLength">Bytes of the metadata, at least those of the hashes.</param>
    public SimSwarm(int seed, int pieces = 24, int blocksPerPiece = 4, ImmutableArray<long> files = default, int metadataLength = 0)
    {
        Seed = seed;
        _random = new Random(seed);
        if (files.IsDefault)
            files = [((long)pieces * blocksPerPiece * Limits.BlockLength) - 20_000];
        Content = new SimContent(NewRandom(), blocksPerPiece, files, metadataLength);
        Clock = new SimClock();
        Trace = new SimTrace(Clock, Environment.GetEnvironmentVariable(SeedVariable) is null ? LinesToTell : int.MaxValue);
        Network = new SimNetwork(Clock, NewRandom());
        Tracker = new SimTracker(Clock, NewRandom());
        Clock.AfterEach = CheckRules;
    }

    /// <summary>Whether more than the gate's share of scenarios is to run.</summary>
    public static bool IsLongSearch => Environment.GetEnvironmentVariable(MoreSeedsVariable) is not null;

    public int Seed { get; }

    public SimContent Content { get; }

    public SimClock Clock { get; }

    public SimTrace Trace { get; }

    public SimNetwork Network { get; }

    public SimTracker Tracker { get; }

    public IReadOnlyList<SimPeer> Peers => _peers;

    /// <summary>
    /// Plays a scenario with several seeds, or with the one that the environment names. After it all peers stop, and must leave
    /// nothing behind. A failure tells its seed and what happened last.
    /// </summary>
    public static void OverSeeds(int count, Func<int, SimSwarm> create, Action<SimSwarm> scenario)
    {
        foreach (int seed in SeedsOf(count))
        {
            SimSwarm swarm = create(seed);
            try
            {
                scenario(swarm);
                swarm.Finish();
            }
            catch (Exception exception)
            {
                throw new SimFailureException(
                    $"With seed {seed} ({SeedVariable}={seed} runs it alone): {exception.Message}\nThe last that happened:\n{swarm.Trace}",
                    exception);
            }
        }
    }

    /// <inheritdoc cref="OverSeeds(int, Func{int, SimSwarm}, Action{SimSwarm})"/>
    public static void OverSeeds(int count, Action<SimSwarm> scenario) => OverSeeds(count, seed => new SimSwarm(seed), scenario);

    /// <summary>Chance of its own for a part, so that another's use of it changes nothing.</summary>
    public Random NewRandom() => new(_random.Next());

    public SimHost NewHost()
    {
        _hosts++;
        return new SimHost(new IPEndPoint(new IPAddress([10, 0, (byte)(_hosts >> 8), (byte)_hosts]), 6881));
    }

    /// <summary>Machines with addresses of one IPv6 network, as one provider gives to one customer.</summary>
    public SimHost[] NewNetwork(int count)
    {
        byte[] address = new byte[16];
        new byte[] { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, (byte)++_hosts }.CopyTo(address, 0);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            _random.NextBytes(address.AsSpan(8));
            return new SimHost(new IPEndPoint(new IPAddress(address), 6881));
        })];
    }

    /// <summary>Has the tracker name addresses where nobody is: every second machine refuses, of the others nothing is heard.</summary>
    public void AddDeadAddresses(int count)
    {
        for (int i = 0; i < count; i++)
        {
            SimHost nobody = NewHost();
            if (i % 2 == 0)
                Network.MakeSilent(nobody.Address);
            Tracker.Add(PeerIds.Create(NewRandom()), nobody.Address);
        }
    }

    /// <summary>A peer that runs at once.</summary>
    public SimPeer Add(string name, SimPeerOptions options)
    {
        SimPeer peer = new(this, name, NewHost(), options);
        _peers.Add(peer);
        peer.Start();
        return peer;
    }

    public SimPeer AddSeed(SimPeerOptions? options = null) =>
        Add($"seed{_hosts + 1}", (options ?? new SimPeerOptions()) with { IsSeed = true });

    public SimPeer AddLeecher(SimPeerOptions? options = null) => Add($"leech{_hosts + 1}", options ?? new SimPeerOptions());

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan time) => Clock.RunUntil(() => false, time);

    /// <summary>Lets time pass until something holds, which it must within a time.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan within, string what)
    {
        if (!Clock.RunUntil(condition, within))
            throw new SimFailureException($"{what}: not within {within}. {string.Join("; ", _peers.Select(Describe))}");
    }

    /// <summary>Lets peers download until they have all they want.</summary>
    public void RunUntilSeeding(TimeSpan within, params SimPeer[] peers) =>
        RunUntil(() => peers.All(peer => peer.IsSeeding), within, "the peers to have everything");

    /// <summary>Stops everybody, and sees that all is as it should be: the bytes, the memory, the books.</summary>
    public void Finish()
    {
        foreach (SimPeer peer in _peers)
        {
            peer.CheckBytes();
            if (peer.IsRunning)
                peer.Stop();
        }

        // Handshakes under way time out by themselves.
        RunUntil(
            () => _peers.All(peer => peer.Pool.Rented == 0 && peer.ConnectionCount == 0),
            TimeSpan.FromMinutes(1),
            "all blocks to be given back and all connections to be over");
        foreach (SimPeer peer in _peers)
            peer.CheckBytes();
    }

    private static IEnumerable<int> SeedsOf(int count)
    {
        if (Environment.GetEnvironmentVariable(SeedVariable) is { } only)
            return [int.Parse(only, CultureInfo.InvariantCulture)];
        int more = int.Parse(Environment.GetEnvironmentVariable(MoreSeedsVariable) ?? "0", CultureInfo.InvariantCulture);
        return Enumerable.Range(1, count).Concat(Enumerable.Range(0, more).Select(_ => Random.Shared.Next()));
    }

    private void CheckRules()
    {
        for (int i = Math.Min(_peers.Count, CheckedAtOnce); i > 0; i--)
            _peers[_checked++ % _peers.Count].CheckRules();
    }

    private string Describe(SimPeer peer)
    {
        TorrentStatus status = peer.Machine.Snapshot(Clock.Now);
        return $"{peer}: {status.State}, {status.PiecesHave} of {status.PieceCount} pieces, {status.Peers} peers, {status.Why}";
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Freshet.Core;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;

namespace Freshet.Simulation;

/// <summary>
/// A whole swarm in one thread and on one clock. Everything random comes from the seed, so that a run can be reproduced to the byte.
/// </summary>
internal sealed class SimSwarm
{
    /// <summary>
    /// If this environment variable is set to a number, every scenario runs with that seed only, and a failure shows all that happened.
    /// </summary>
    public const string SeedVariable = "FRESHET_SIMULATION_SEED";

    /// <summary>
    /// If this environment variable is set to a number, every scenario runs with that many additional seeds. They are drawn anew in each
    /// run, while the usual ones stay the same: a gate gives the same result for the same tree, and a long search never looks at the same
    /// twice.
    /// </summary>
    public const string MoreSeedsVariable = "FRESHET_SIMULATION_MORE_SEEDS";
    private const int LinesToTell = 40;

    // In larger swarms, peers take turns at being checked after an event; otherwise the checks would cost more than the swarm.
    private const int CheckedAtOnce = 16;

    private readonly Random _random;
    private readonly List<SimPeer> _peers = [];
    private int _hosts;
    private int _checked;
    private Exception? _failure;

    /// <param name="seed">The source of everything random.</param>
    /// <param name="pieces">The number of pieces, unless files are given.</param>
    /// <param name="blocksPerPiece">The number of blocks in a piece.</param>
    /// <param name="files">The lengths of the files in bytes; by default, the last piece is short.</param>
    /// <param name="metadataLength">The length of the metadata in bytes, at least that of the hashes.</param>
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

    public int Seed { get; }

    public SimContent Content { get; }

    public SimClock Clock { get; }

    public SimTrace Trace { get; }

    public SimNetwork Network { get; }

    public SimTracker Tracker { get; }

    public IReadOnlyList<SimPeer> Peers => _peers;

    /// <summary>
    /// Plays a scenario with several seeds, or with the one in the environment. Then all peers stop, and must leave nothing behind. A
    /// failure reports its seed and the last events.
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

    /// <summary>A separate random source for a part, so that its use by another part changes nothing.</summary>
    public Random NewRandom() => new(_random.Next());

    public SimHost NewHost()
    {
        _hosts++;
        return new SimHost(new IPEndPoint(new IPAddress([10, 0, (byte)(_hosts >> 8), (byte)_hosts]), 6881));
    }

    /// <summary>Machines with addresses of one IPv6 network, as a provider assigns them to one customer.</summary>
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

    /// <summary>
    /// Makes the tracker name addresses where nobody listens: every second machine refuses, and the others do not answer.
    /// </summary>
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

    /// <summary>A peer that starts at once.</summary>
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

    /// <summary>Lets time pass until a condition holds, which must happen in time.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan within, string what)
    {
        if (!Clock.RunUntil(condition, within))
            throw new SimFailureException($"{what}: not within {within}. {string.Join("; ", _peers.Select(Describe))}");
    }

    /// <summary>Lets peers download until they have everything they want.</summary>
    public void RunUntilSeeding(TimeSpan within, params SimPeer[] peers) =>
        RunUntil(() => peers.All(peer => peer.IsSeeding), within, "the peers to have everything");

    /// <summary>Has work that nobody awaits fail the scenario if it fails.</summary>
    public void Watch(Task work) => work.ContinueWith(
        failed => _failure = failed.Exception!.InnerException,
        CancellationToken.None,
        TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Default);

    /// <summary>Stops everybody, and checks that the bytes, the memory and the bookkeeping are right.</summary>
    public void Finish()
    {
        foreach (SimPeer peer in _peers)
        {
            peer.CheckBytes();
            if (peer.IsRunning)
                peer.Stop();
        }

        // Handshakes in progress time out by themselves.
        RunUntil(
            () => _peers.All(peer => peer.Pool.Rented == 0 && peer.ConnectionCount == 0 && peer.IsEndRecorded),
            TimeSpan.FromMinutes(1),
            "all blocks to be given back, all connections to be over and all ends to be recorded");
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
        if (_failure is not null)
            throw new SimFailureException($"what ran in the background failed: {_failure.Message}", _failure);
        for (int i = Math.Min(_peers.Count, CheckedAtOnce); i > 0; i--)
            _peers[_checked++ % _peers.Count].CheckRules();
    }

    private string Describe(SimPeer peer)
    {
        TorrentStatus status = peer.Machine.Snapshot(Clock.Now);
        return $"{peer}: {status.State}, {status.PiecesHave} of {status.PieceCount} pieces, {status.Peers} peers, {status.Why}";
    }
}

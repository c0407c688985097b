using System.Net;
using BenchmarkDotNet.Attributes;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Benchmarks;

/// <summary>The cost of dividing resources among many torrents that all want some, which a session does once per beat.</summary>
public class SessionBenchmarks : ISessionEffects
{
    private readonly SessionMachine _machine;
    private int _step;

    public SessionBenchmarks() =>
        _machine = new SessionMachine(new SessionLimits { Connections = 4_000, IncomingBeyond = 100, Dials = 50, Checks = 4 }, this);

    [Params(100, 10_000)]
    public int Torrents { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        Random random = new(1);
        for (int i = 0; i < Torrents; i++)
        {
            TorrentKey torrent = new(i);
            _machine.OnDemand(torrent, new TorrentDemand(random.Next(1, 50), random.Next(1, 9), Check: random.Next(2) == 0));
            _machine.OnBlocksWanted(torrent, 1 << random.Next(12));
        }

        for (int i = 0; i < 4_000; i++)
        {
            IPAddress address = new([10, 0, (byte)(i >> 8), (byte)i]);
            _machine.OnConnected(new TorrentKey(random.Next(Torrents - 1)), Origin.OfNetwork(address));
        }

        _machine.Divide();
    }

    /// <summary>The demand of one torrent changes, and everything is divided again.</summary>
    [Benchmark]
    public void Settle()
    {
        _machine.OnDemand(new TorrentKey(1), new TorrentDemand((++_step % 40) + 1, 4, Check: false));
        _machine.Divide();
    }

    void ISessionEffects.Allot(TorrentKey torrent, Allotment allotment)
    {
    }

    void ISessionEffects.AllotBlocks(int most)
    {
    }

    void ISessionEffects.Admit(IncomingKey connection, bool mustReplace)
    {
    }

    void ISessionEffects.Refuse(IncomingKey connection)
    {
    }

    void ISessionEffects.MakeRoom(TorrentKey torrent)
    {
    }
}

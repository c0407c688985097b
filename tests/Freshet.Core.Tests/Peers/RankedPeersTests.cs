using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Core.Tests.Peers;

public class RankedPeersTests
{
    [Fact]
    public void The_lowest_rank_is_first_whichever_peers_come_and_go()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            Random random = new(seed);
            RankedPeers ranked = new();
            List<KnownPeer> all = [];
            for (int step = 0; step < 1_000; step++)
            {
                int kind = random.Next(all.Count > 200 ? 2 : 5);
                if (kind >= 2)
                {
                    KnownPeer peer = NewPeer(step);
                    ranked.Add(peer, random.Next(100));
                    all.Add(peer);
                }
                else if (kind == 1 && all.Count > 0)
                {
                    KnownPeer gone = all[random.Next(all.Count)];
                    ranked.Remove(gone);
                    all.Remove(gone);
                }
                else if (ranked.Take() is { } taken)
                {
                    Assert.Equal(all.Min(peer => peer.Rank), taken.Rank);
                    Assert.True(all.Remove(taken));
                }

                Assert.Equal(all.Count, ranked.Count);
                Assert.True(all.Count == 0 ? ranked.First is null : ranked.FirstRank == all.Min(peer => peer.Rank), $"seed {seed}");
            }
        }
    }

    private static KnownPeer NewPeer(int number) =>
        new(new IPEndPoint(IPAddress.Loopback, 1 + number), new Informant(PeerSource.Tracker, default));
}

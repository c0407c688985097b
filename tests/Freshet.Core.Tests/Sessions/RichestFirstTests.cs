using System.Net;
using Freshet.Core.Peers;
using Freshet.Core.Sessions;
using FsCheck.Fluent;

namespace Freshet.Core.Tests.Sessions;

public class RichestFirstTests
{
    [Fact]
    public void The_richest_is_known_whatever_changes() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        Random random = new(seed);
        Competitor[] torrents = [.. Enumerable.Range(0, 10).Select(number => new Competitor(new TorrentKey(number)))];
        RichestFirst order = new();
        for (int step = 0; step < 300; step++)
        {
            Competitor torrent = torrents[random.Next(torrents.Length)];
            switch (random.Next(4))
            {
                case 0 when torrent.Remaining > 0:
                    torrent.Ending++;
                    break;
                case 1 when torrent.Connections > 0:
                    torrent.Networks.RemoveAt(0);
                    torrent.Ending = Math.Min(torrent.Ending, torrent.Connections);
                    break;
                default:
                    torrent.Networks.Add(Origin.OfNetwork(IPAddress.Loopback));
                    break;
            }

            if (random.Next(20) == 0)
            {
                torrent.Networks.Clear();
                torrent.Ending = 0;
                order.Remove(torrent);
            }
            else
            {
                order.Update(torrent);
            }

            Assert.Equal(torrents.Max(one => one.Remaining), order.Richest?.Remaining ?? 0);
        }
    }).Holds(100);
}

using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class SweepQueueTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void Reads_of_many_peers_make_the_disk_go_a_fraction_of_the_way()
    {
        long inOrderOfArrival = DistanceOf(isSorted: false, out int longest);
        Assert.Equal(15, longest);
        long sorted = DistanceOf(isSorted: true, out longest);

        // Each of 16 peers reads one thing after the other, so a sweep has one read of each, and nobody waits for more than two.
        Assert.True(sorted < inOrderOfArrival / 2, $"{sorted} bytes instead of {inOrderOfArrival}");
        Assert.InRange(longest, 15, 31);
    }

    [Fact]
    public void What_waits_when_a_sweep_begins_is_taken_in_the_order_of_the_disk_and_the_rest_after_it()
    {
        SweepQueue<int> queue = new(turn: 100);
        foreach (int place in (int[])[50, 10, 30])
            queue.Add("a", place, place);
        Assert.Equal(10, Take(queue));
        queue.Add("a", 20, 20);
        queue.Add("a", 5, 5);
        Assert.Equal([30, 50, 5, 20], TakeAll(queue));
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_stream_of_reads_at_one_place_keeps_nobody_waiting()
    {
        SweepQueue<int> queue = new(turn: 100);
        queue.Add("a", 1_000_000, -1);
        queue.Add("a", 0, 0);
        int taken = 0;
        for (int next = Take(queue); next != -1; next = Take(queue))
        {
            taken++;
            queue.Add("a", next + 1, next + 1);
        }

        Assert.Equal(1, taken);
    }

    [Fact]
    public void Work_at_one_place_is_taken_in_the_order_in_which_it_came()
    {
        SweepQueue<int> queue = new(turn: 1);
        for (int i = 0; i < 1_000; i++)
            queue.Add("a", 0, i);
        Assert.Equal(Enumerable.Range(0, 1_000), TakeAll(queue));
    }

    [Fact]
    public void Owners_have_their_turns()
    {
        SweepQueue<string> queue = new(turn: 2);
        foreach (string item in (string[])["a5", "a4", "a3", "a2", "a1", "b1", "c3", "c2", "c1"])
            queue.Add(item[..1], item[1], item);
        Assert.Equal(9, queue.Count);
        Assert.Equal(["a1", "a2", "b1", "c1", "c2", "a3", "a4", "c3", "a5"], TakeAll(queue));
    }

    // A disk that counts how far it goes. Peers read at random places, each its next piece once it has one.
    private static long DistanceOf(bool isSorted, out int longest)
    {
        Random random = new(7);
        SweepQueue<(int Peer, long Place, int Since)> queue = new(turn: 8);
        for (int peer = 0; peer < 16; peer++)
            Add(peer, 0);
        long head = 0;
        long distance = 0;
        longest = 0;
        for (int read = 0; read < 2_000; read++)
        {
            (int peer, long place, int since) = Take(queue);
            distance += Math.Abs(place - head);
            head = place + MiB;
            longest = Math.Max(longest, read - since);
            Add(peer, read + 1);
        }

        return distance;

        void Add(int peer, int since)
        {
            long place = random.NextInt64(10_000 * MiB);
            queue.Add("torrent", isSorted ? place : 0, (peer, place, since));
        }
    }

    private static T Take<T>(SweepQueue<T> queue)
    {
        Assert.True(queue.TryTake(out T? item));
        return item;
    }

    private static List<T> TakeAll<T>(SweepQueue<T> queue)
    {
        List<T> all = [];
        while (queue.TryTake(out T? item))
            all.Add(item);
        return all;
    }
}

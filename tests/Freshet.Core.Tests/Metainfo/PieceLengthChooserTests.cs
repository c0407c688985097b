using System.Numerics;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class PieceLengthChooserTests
{
    private const long MiB = 1 << 20;

    [Theory]
    [InlineData(0, 16 * 1024)]
    [InlineData(1, 16 * 1024)]
    [InlineData(32 * MiB, 16 * 1024)]
    [InlineData((32 * MiB) + 1, 32 * 1024)]
    [InlineData(700 * MiB, 512 * 1024)]
    [InlineData(2048 * MiB, MiB)]
    [InlineData(32 * 1024 * MiB, 16 * MiB)]
    [InlineData(1024 * 1024 * MiB, 16 * MiB)]
    [InlineData(128 * 1024 * 1024 * MiB, 64 * MiB)]
    public void There_are_one_to_two_thousand_pieces_if_possible(long total, long pieceLength) =>
        Assert.Equal(pieceLength, PieceLengthChooser.Choose(total));

    [Theory]
    [InlineData(100)]
    [InlineData(123_456_789)]
    [InlineData(987_654_321_012)]
    [InlineData(1L << 49)]
    public void Every_choice_is_a_power_of_two_that_a_torrent_can_have(long total)
    {
        int length = PieceLengthChooser.Choose(total);
        Assert.True(BitOperations.IsPow2(length));
        Assert.InRange(((total - 1) / length) + 1, 1, Limits.MaxPieces);
    }
}

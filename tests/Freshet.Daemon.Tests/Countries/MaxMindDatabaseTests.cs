using System.Net;
using Freshet.Daemon.Countries;

namespace Freshet.Daemon.Tests.Countries;

public class MaxMindDatabaseTests
{
    private static readonly MaxMindFile Sample = new MaxMindFile()
        .Add("192.0.2.0/25", "DE").Add("198.51.100.0/24", "FR").Add("2001:db8::/32", "JP").Add("203.0.113.9/32", "not a code");

    [Theory]
    [InlineData(24)]
    [InlineData(28)]
    [InlineData(32)]
    public void Addresses_of_both_families_are_found_whatever_the_size_of_records(int bits)
    {
        MaxMindDatabase database = Read(Sample.Build(bits));
        Assert.Equal("DE", database.FindCountry(IPAddress.Parse("192.0.2.7")));
        Assert.Null(database.FindCountry(IPAddress.Parse("192.0.2.128")));
        Assert.Equal("FR", database.FindCountry(IPAddress.Parse("198.51.100.255")));
        Assert.Equal("FR", database.FindCountry(IPAddress.Parse("::ffff:198.51.100.1")));
        Assert.Equal("JP", database.FindCountry(IPAddress.Parse("2001:db8:ffff::1")));
        Assert.Null(database.FindCountry(IPAddress.Parse("2001:db9::1")));
        Assert.Null(database.FindCountry(IPAddress.Parse("203.0.113.9")));
    }

    [Fact]
    public void A_database_with_only_IPv4_knows_no_IPv6_address()
    {
        MaxMindDatabase database = Read(new MaxMindFile(hasV6: false).Add("192.0.2.0/24", "DE").Build());
        Assert.Equal("DE", database.FindCountry(IPAddress.Parse("192.0.2.1")));
        Assert.Null(database.FindCountry(IPAddress.Parse("2001:db8::1")));
    }

    [Fact]
    public void A_file_that_is_not_a_database_is_refused_in_words()
    {
        byte[] good = Sample.Build();
        Assert.Contains("no metadata", ErrorOf([]), StringComparison.Ordinal);
        Assert.Contains("no metadata", ErrorOf(new byte[200_000]), StringComparison.Ordinal);
        Assert.Contains("version 2", ErrorOf(Sample.Build(version: 3)), StringComparison.Ordinal);
        Assert.Contains("makes no sense", ErrorOf(Sample.Build(recordBits: 20)), StringComparison.Ordinal);
        Assert.Contains("cut off", ErrorOf(good[(good.Length / 2)..]), StringComparison.Ordinal);
    }

    // The work of a fuzzer, small enough for every run: nothing may throw or take long, whatever the bytes are.
    [Fact]
    public void Bytes_that_are_changed_at_random_find_something_or_nothing()
    {
        byte[] good = Sample.Build(28);
        IPAddress[] asked = [IPAddress.Parse("192.0.2.7"), IPAddress.Parse("2001:db8::1"), IPAddress.Parse("203.0.113.9")];
        Random random = new(3);
        int readable = 0;
        for (int round = 0; round < 20_000; round++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            int length = random.Next(3) == 0 ? random.Next(bytes.Length) : bytes.Length;
            if (!MaxMindDatabase.TryRead(bytes.AsMemory(0, length), out MaxMindDatabase? database, out _))
                continue;
            readable++;
            foreach (IPAddress address in asked)
                Assert.True(database.FindCountry(address) is null or { Length: 2 });
        }

        Assert.True(readable > 5_000, $"only {readable}");
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 0x00 })] // A pointer to itself.
    [InlineData(new byte[] { 0x20, 0x02, 0x20, 0x00 })] // Two that point to each other.
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })] // A map of sixteen million entries.
    [InlineData(new byte[] { 0x1F, 0x04, 0xFF, 0xFF, 0xFF })] // An array of as many.
    [InlineData(new byte[] { 0x5F, 0xFF, 0xFF, 0xFF })] // A text that is longer than everything.
    [InlineData(new byte[] { 0x38, 0xFF, 0xFF, 0xFF, 0xFF })] // A pointer out of everything.
    [InlineData(new byte[] { 0x00 })] // A type that is cut off.
    [InlineData(new byte[] { 0x00, 0xFF })] // A type that does not exist.
    public void Values_that_lead_nowhere_have_no_members(byte[] value)
    {
        MaxMindReader reader = new(value);
        Assert.False(reader.TryMember(0, "country"u8, out _));
        Assert.False(reader.TryText(0, out _));
        Assert.False(reader.TryNumber(0, out _));
    }

    [Fact]
    public void A_record_of_countless_values_is_given_up()
    {
        // A map of a thousand entries, each of which is an array of nine empty maps.
        List<byte> bytes = [0xFE, 0x02, 0xCB];
        for (int i = 0; i < 1_000; i++)
            bytes.AddRange([0x41, (byte)'k', 0x09, 0x04, .. Enumerable.Repeat((byte)0xE0, 9)]);
        bytes.AddRange([0x41, (byte)'l', 0x41, (byte)'x']);
        bytes[2]++;
        MaxMindReader reader = new(bytes.ToArray());
        Assert.False(reader.TryMember(0, "l"u8, out _));
        MaxMindReader few = new([0xE2, .. bytes[3..16], .. bytes[^4..]]);
        Assert.True(few.TryMember(0, "l"u8, out int at));
        Assert.True(few.TryText(at, out string text));
        Assert.Equal("x", text);
    }

    private static MaxMindDatabase Read(byte[] bytes)
    {
        Assert.True(MaxMindDatabase.TryRead(bytes, out MaxMindDatabase? database, out string? error), error);
        return database;
    }

    private static string ErrorOf(byte[] bytes)
    {
        Assert.False(MaxMindDatabase.TryRead(bytes, out _, out string? error));
        return error;
    }
}

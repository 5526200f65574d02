using System.Text;
using AIOrleans.Benchmarks.Load;

namespace AIOrleans.Benchmarks.Tests;

public sealed class AnswerReaderTests
{
    private const string Whole = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
    private const string Chunked = "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n1d\r\nlo, and some more of the text\r\n0\r\n\r\n";

    [Theory]
    [InlineData(Whole, 200, "hello")]
    [InlineData(Chunked, 201, "hello, and some more of the text")]
    [InlineData("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n", 503, "")]
    public void Reads_an_answer_however_it_is_cut(string text, int status, string body)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        for (int length = 1; length <= bytes.Length; length++)
        {
            var reader = new AnswerReader();
            foreach (byte[] part in bytes.Chunk(length))
            {
                Assert.False(reader.IsComplete);
                reader.Append(part);
            }

            Assert.True(reader.IsComplete);
            Assert.Equal(status, reader.Status);
            Assert.Equal(body, Encoding.ASCII.GetString(reader.Body));
        }
    }

    [Fact]
    public void Reads_one_answer_after_the_other()
    {
        var reader = new AnswerReader();
        foreach (string text in new[] { Chunked, Whole, Chunked })
        {
            reader.Reset();
            reader.Append(Encoding.ASCII.GetBytes(text));
            Assert.True(reader.IsComplete);
        }

        Assert.Equal(201, reader.Status);
    }
}

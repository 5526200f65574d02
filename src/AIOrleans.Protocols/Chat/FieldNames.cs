namespace AIOrleans.Protocols.Chat;

/// <summary>Parameters of a request that some protocols lack.</summary>
internal enum RequestField
{
    Temperature,
    TopP,
    TopK,
    FrequencyPenalty,
    PresencePenalty,
    Seed,
    LogitBias,
    LogProbs,
    TopLogProbs,
    N,
    Stop,
    MaxOutputTokens,
    Format,
    Reasoning,
    Verbosity,
    User,
    ParallelTools,
    ToolChoice,
    System,
    Messages,
}

/// <summary>What each protocol calls its parameters: mistakes speak the client's language.</summary>
internal static class FieldNames
{
    public static string Of(WireFormat format, RequestField field) => format switch
    {
        WireFormat.Anthropic => OfAnthropic(field),
        WireFormat.Gemini => OfGemini(field),
        WireFormat.OpenAiResponses => OfResponses(field),
        WireFormat.OpenAiCompletions => OfCompletions(field),
        _ => OfOpenAi(field),
    };

    private static string OfOpenAi(RequestField field) => field switch
    {
        RequestField.Temperature => "temperature",
        RequestField.TopP => "top_p",
        RequestField.TopK => "top_k",
        RequestField.FrequencyPenalty => "frequency_penalty",
        RequestField.PresencePenalty => "presence_penalty",
        RequestField.Seed => "seed",
        RequestField.LogitBias => "logit_bias",
        RequestField.LogProbs => "logprobs",
        RequestField.TopLogProbs => "top_logprobs",
        RequestField.N => "n",
        RequestField.Stop => "stop",
        RequestField.MaxOutputTokens => "max_completion_tokens",
        RequestField.Format => "response_format",
        RequestField.Reasoning => "reasoning_effort",
        RequestField.Verbosity => "verbosity",
        RequestField.User => "user",
        RequestField.ParallelTools => "parallel_tool_calls",
        RequestField.ToolChoice => "tool_choice",
        _ => "messages",
    };

    private static string OfResponses(RequestField field) => field switch
    {
        RequestField.MaxOutputTokens => "max_output_tokens",
        RequestField.Format => "text.format",
        RequestField.Reasoning => "reasoning",
        RequestField.Verbosity => "text.verbosity",
        RequestField.LogProbs => "include",
        RequestField.System => "instructions",
        RequestField.Messages => "input",
        _ => OfOpenAi(field),
    };

    private static string OfCompletions(RequestField field) => field switch
    {
        RequestField.MaxOutputTokens => "max_tokens",
        RequestField.System or RequestField.Messages => "prompt",
        _ => OfOpenAi(field),
    };

    private static string OfAnthropic(RequestField field) => field switch
    {
        RequestField.Stop => "stop_sequences",
        RequestField.MaxOutputTokens => "max_tokens",
        RequestField.Format => "output_config.format",
        RequestField.Reasoning => "thinking",
        RequestField.User => "metadata.user_id",
        RequestField.ParallelTools => "tool_choice.disable_parallel_tool_use",
        RequestField.System => "system",
        _ => OfOpenAi(field),
    };

    private static string OfGemini(RequestField field) => field switch
    {
        RequestField.Temperature => "generationConfig.temperature",
        RequestField.TopP => "generationConfig.topP",
        RequestField.TopK => "generationConfig.topK",
        RequestField.FrequencyPenalty => "generationConfig.frequencyPenalty",
        RequestField.PresencePenalty => "generationConfig.presencePenalty",
        RequestField.Seed => "generationConfig.seed",
        RequestField.LogProbs => "generationConfig.responseLogprobs",
        RequestField.TopLogProbs => "generationConfig.logprobs",
        RequestField.N => "generationConfig.candidateCount",
        RequestField.Stop => "generationConfig.stopSequences",
        RequestField.MaxOutputTokens => "generationConfig.maxOutputTokens",
        RequestField.Format => "generationConfig.responseMimeType",
        RequestField.Reasoning => "generationConfig.thinkingConfig",
        RequestField.ToolChoice => "toolConfig.functionCallingConfig",
        RequestField.System => "systemInstruction",
        RequestField.Messages => "contents",
        _ => OfOpenAi(field),
    };
}

/* hiredis, led by a test: see tests/support/servers/redis_drivers.py. */
#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { line_size = 1000, most_words = 10 };

static redisContext *context;

static struct timeval of_milliseconds(long number)
{
    struct timeval time = {number / 1000, number % 1000 * 1000};
    return time;
}

static void print_text(const char *text)
{
    putchar('"');
    for (; *text != '\0'; ++text) {
        if (*text == '"' || *text == '\\') {
            putchar('\\');
        }
        putchar(*text);
    }
    putchar('"');
}

static void print_error(const char *kind, const char *text)
{
    printf("{\"error\":\"%s\",\"text\":", kind);
    print_text(text);
    putchar('}');
}

/* The error of the connection, which no more can be had from. */
static void print_broken(void)
{
    const char *kind = context->err == REDIS_ERR_EOF        ? "REDIS_ERR_EOF"
                       : context->err == REDIS_ERR_IO       ? "REDIS_ERR_IO"
                       : context->err == REDIS_ERR_PROTOCOL ? "REDIS_ERR_PROTOCOL"
                                                            : "REDIS_ERR_OTHER";
    print_error(kind, context->errstr);
}

static void print_reply(const redisReply *reply)
{
    switch (reply->type) {
    case REDIS_REPLY_ERROR:
        print_error("REDIS_REPLY_ERROR", reply->str);
        break;
    case REDIS_REPLY_INTEGER:
        printf("%lld", reply->integer);
        break;
    case REDIS_REPLY_NIL:
        printf("null");
        break;
    case REDIS_REPLY_ARRAY:
        putchar('[');
        for (size_t i = 0; i < reply->elements; ++i) {
            if (i > 0) {
                putchar(',');
            }
            print_reply(reply->element[i]);
        }
        putchar(']');
        break;
    default:
        print_text(reply->str);
    }
}

/* A whole answer: a reply, or why there is none. It frees the reply. */
static void answer(redisReply *reply)
{
    if (reply == NULL) {
        print_broken();
    } else if (reply->type == REDIS_REPLY_ERROR) {
        print_reply(reply);
    } else {
        printf("{\"result\":");
        print_reply(reply);
        putchar('}');
    }
    if (reply != NULL) {
        freeReplyObject(reply);
    }
}

static void done(void)
{
    printf("{\"result\":null}");
}

static void open_it(char **words)
{
    struct timeval patience = of_milliseconds(atol(words[1]));
    context = redisConnectWithTimeout("127.0.0.1", atoi(words[0]), patience);
    redisSetTimeout(context, patience);
    done();
}

static void incr_all(char **words)
{
    for (; *words != NULL; ++words) {
        redisAppendCommand(context, "INCR %s", *words);
    }
}

static redisReply *next_reply(void)
{
    void *reply = NULL;
    return redisGetReply(context, &reply) == REDIS_OK ? reply : NULL;
}

static void pipeline(char **words)
{
    incr_all(words);
    printf("{\"result\":[");
    for (int i = 0; words[i] != NULL; ++i) {
        if (i > 0) {
            putchar(',');
        }
        redisReply *reply = next_reply();
        if (reply == NULL) {
            print_broken();
        } else {
            print_reply(reply);
            freeReplyObject(reply);
        }
    }
    printf("]}");
}

/* What EXEC says is the answer, as for an application that looks at nothing else. */
static void transaction(char **words)
{
    redisAppendCommand(context, "MULTI");
    incr_all(words);
    redisAppendCommand(context, "EXEC");
    redisReply *reply = next_reply();
    for (; *words != NULL && reply != NULL; ++words) {
        freeReplyObject(reply);
        reply = next_reply();
    }
    if (reply != NULL) {
        freeReplyObject(reply);
        reply = next_reply();
    }
    answer(reply);
}

/* Of the key and the value, or the channel and its message, the last one. */
static void answer_last(redisReply *reply)
{
    if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) {
        answer(reply);
        return;
    }
    printf("{\"result\":");
    print_reply(reply->element[reply->elements - 1]);
    putchar('}');
    freeReplyObject(reply);
}

static void carry_out(const char *name, char **words)
{
    if (strcmp(name, "open") == 0) {
        open_it(words);
    } else if (strcmp(name, "get") == 0) {
        answer(redisCommand(context, "GET %s", words[0]));
    } else if (strcmp(name, "incr") == 0) {
        answer(redisCommand(context, "INCR %s", words[0]));
    } else if (strcmp(name, "pipeline") == 0) {
        pipeline(words);
    } else if (strcmp(name, "transaction") == 0) {
        transaction(words);
    } else if (strcmp(name, "pop") == 0) {
        answer_last(redisCommand(context, "BLPOP %s 0.2", words[0]));
    } else if (strcmp(name, "subscribe") == 0) {
        answer(redisCommand(context, "SUBSCRIBE %s", words[0]));
    } else if (strcmp(name, "message") == 0) {
        redisSetTimeout(context, of_milliseconds(atol(words[0])));
        answer_last(next_reply());
    } else if (strcmp(name, "ping") == 0) {
        answer(redisCommand(context, "PING"));
    } else {
        redisFree(context);
        done();
    }
}

int main(void)
{
    char line[line_size];
    while (fgets(line, sizeof line, stdin) != NULL) {
        char *words[most_words + 1] = {NULL};
        int count = 0;
        for (char *word = strtok(line, " \n"); word != NULL && count < most_words; word = strtok(NULL, " \n")) {
            words[count++] = word;
        }
        carry_out(words[0], words + 1);
        putchar('\n');
        fflush(stdout);
    }
    return 0;
}
